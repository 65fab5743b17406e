/** What operators say of tenants, and what tenants used up. */
package io.weir.controller.tenants;
