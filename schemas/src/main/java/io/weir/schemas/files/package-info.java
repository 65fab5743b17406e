/** Files in Kafka: parts in one topic, and in another what files there are. */
package io.weir.schemas.files;
