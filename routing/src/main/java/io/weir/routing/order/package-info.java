/**
 * The order in which waiting requests get engines: classes by strict priority with a floor, tenants
 * by virtual token counters, requests by deadline; what is dropped before it costs a GPU anything;
 * and how much an engine may hold.
 */
package io.weir.routing.order;
