/** The job's sources and sinks over Kafka. */
package io.weir.flink.kafka;
