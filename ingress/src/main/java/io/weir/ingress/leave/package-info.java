/**
 * What becomes of a request whose client has left: it is cancelled, at once or after a grace in
 * which the client may come back here or elsewhere.
 */
package io.weir.ingress.leave;
