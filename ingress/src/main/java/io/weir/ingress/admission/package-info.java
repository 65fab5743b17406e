/** Lets requests in, or turns them away with the reason, by what is known of the queues. */
package io.weir.ingress.admission;
