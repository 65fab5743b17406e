/** Files and batches, as Kafka says: what there is, and how it is changed. */
package io.weir.ingress.jobs;
