/** The choice of an engine for one request. */
package io.weir.routing.pick;
