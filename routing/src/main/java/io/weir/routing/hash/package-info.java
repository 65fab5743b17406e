/** Hashes and the draws made from them. */
package io.weir.routing.hash;
