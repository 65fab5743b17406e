/** Results of requests, posted to the URLs that clients gave, as Standard Webhooks. */
package io.weir.controller.callbacks;
