package io.weir.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.GeoLink;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.TopicCatalog;
import io.weir.schemas.TopicCreator;
import io.weir.schemas.TopicFollower;
import io.weir.schemas.TopicLayout;
import io.weir.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicFollowerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  void everythingIsReadThenWhatComes() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
      KafkaSettings settings = kafka.settings();
      try (Admin admin = Admin.create(settings.admin())) {
        TopicCreator.ensure(
            admin, new TopicCatalog(TopicLayout.defaults()).topics(List.of("a"), List.of("b")));
      }
      // Given two links, one of them removed, and a record that is none
      List<String> seen = new CopyOnWriteArrayList<>();
      List<String> seenLate = new CopyOnWriteArrayList<>();
      try (KafkaProducer<String, SpecificRecord> links =
              new KafkaProducer<>(settings.producer(Map.of()));
          KafkaProducer<String, byte[]> garbage =
              new KafkaProducer<>(
                  settings.producer(
                      Map.of("value.serializer", ByteArraySerializer.class.getName())))) {
        links.send(new ProducerRecord<>(Topics.geography(), "a|b", link(1))).get();
        links.send(new ProducerRecord<>(Topics.geography(), "a|b", null)).get();
        garbage.send(new ProducerRecord<>(Topics.geography(), "x", new byte[] {7, 7})).get();
        links.send(new ProducerRecord<>(Topics.geography(), "a|c", link(2))).get();
        // When
        try (TopicFollower follower = follow(settings, TopicFollower.Start.BEGINNING, seen);
            TopicFollower late = follow(settings, TopicFollower.Start.END, seenLate)) {
          // Then
          assertThat(follower.awaitCaughtUp(PATIENCE)).isTrue();
          assertThat(late.awaitCaughtUp(PATIENCE)).isTrue();
          assertThat(seen).containsExactly("a|b 1.0", "a|b removed", "a|c 2.0", "caught up");
          assertThat(seenLate).containsExactly("caught up");
          // And when
          links.send(new ProducerRecord<>(Topics.geography(), "a|d", link(3))).get();
          // Then both read it
          await().atMost(PATIENCE).until(() -> seen.size() == 5 && seenLate.size() == 2);
          assertThat(seen.getLast()).isEqualTo("a|d 3.0");
          assertThat(seenLate.getLast()).isEqualTo("a|d 3.0");
        }
      }
    }
  }

  private static TopicFollower follow(
      KafkaSettings settings, TopicFollower.Start start, List<String> seen) {
    return TopicFollower.start(
        settings,
        "follower-" + start,
        List.of(Topics.geography()),
        start,
        new TopicFollower.Listener() {
          @Override
          public void record(ConsumerRecord<String, SpecificRecord> record) {
            seen.add(
                record.key()
                    + " "
                    + (record.value() instanceof GeoLink link ? link.getRttMillis() : "removed"));
          }

          @Override
          public void caughtUp() {
            seen.add("caught up");
          }
        });
  }

  private static GeoLink link(double millis) {
    return GeoLink.newBuilder()
        .setFrom("a")
        .setTo("b")
        .setRttMillis(millis)
        .setEgressPerGb(0)
        .setMeasured(false)
        .setAt(Instant.EPOCH)
        .build();
  }
}
