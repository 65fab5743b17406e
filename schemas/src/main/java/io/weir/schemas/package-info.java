/**
 * The nouns on the wire: generated Avro records, the typed topic catalogue, and the codec that
 * writes and reads them in the Confluent wire format.
 */
package io.weir.schemas;
