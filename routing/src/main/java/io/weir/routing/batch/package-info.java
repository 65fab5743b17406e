/** The lines of a batch job: what they must be, and how far they are. */
package io.weir.routing.batch;
