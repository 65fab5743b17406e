/** The fleet as configured: sources, pools and engines. */
package io.weir.routing.fleet;
