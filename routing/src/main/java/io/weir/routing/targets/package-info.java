/** What each class of requests is promised: times to the first token and between tokens. */
package io.weir.routing.targets;
