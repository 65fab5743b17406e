/** What Weir reads of a request's body. */
package io.weir.routing.body;
