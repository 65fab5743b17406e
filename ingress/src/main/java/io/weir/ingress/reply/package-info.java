/**
 * The way back: one reader of the reply partition, and what each waiting client has not seen yet.
 */
package io.weir.ingress.reply;
