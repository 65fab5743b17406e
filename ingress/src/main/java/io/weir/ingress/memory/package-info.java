/** Bounds on memory that many requests share. */
package io.weir.ingress.memory;
