/** What the controllers know of one request, asked over HTTP. */
package io.weir.ingress.lookup;
