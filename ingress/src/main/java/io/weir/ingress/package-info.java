/** The ingress: OpenAI's API over HTTP in, Kafka out, answers back. */
package io.weir.ingress;
