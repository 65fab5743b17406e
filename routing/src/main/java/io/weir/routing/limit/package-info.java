/** What tenants may use: requests and tokens per minute, and budgets of a day or month. */
package io.weir.routing.limit;
