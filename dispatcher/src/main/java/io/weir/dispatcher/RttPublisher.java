package io.weir.dispatcher;

import io.weir.routing.fleet.FleetRecords;
import io.weir.schemas.GeoLink;
import io.weir.schemas.Topics;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the measured distances that are due. */
final class RttPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(RttPublisher.class);

  private final RttReport report;
  private final Producer<String, SpecificRecord> producer;

  RttPublisher(RttReport report, Producer<String, SpecificRecord> producer) {
    this.report = report;
    this.producer = producer;
  }

  void publish(List<EngineSlots> engines) {
    for (GeoLink link : report.due(engines)) {
      var unused =
          producer.send(
              new ProducerRecord<>(Topics.geography(), FleetRecords.key(link), link),
              (metadata, failure) -> {
                if (failure != null) {
                  // It is said again within 30 s.
                  LOG.debug("round trip not published: {}", failure.toString());
                }
              });
    }
  }
}
