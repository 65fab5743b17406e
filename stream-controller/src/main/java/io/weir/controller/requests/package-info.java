/**
 * The state of every request, folded from the lifecycle by Kafka Streams, and what is done about
 * requests whose dispatcher died.
 */
package io.weir.controller.requests;
