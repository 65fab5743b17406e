/** What a request costs in tokens, and how much of an answer to expect. */
package io.weir.routing.cost;
