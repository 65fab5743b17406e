/**
 * The life of one request as its records tell it, and what a controller does about one that nobody
 * works on any more.
 */
package io.weir.routing.request;
