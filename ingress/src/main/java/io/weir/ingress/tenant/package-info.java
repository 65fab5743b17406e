/** Whose requests they are, what those may ask for, and how much of it. */
package io.weir.ingress.tenant;
