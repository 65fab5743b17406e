/** Kafka and a schema registry inside this process: for {@code weir up} and for tests. */
package io.weir.embedded;
