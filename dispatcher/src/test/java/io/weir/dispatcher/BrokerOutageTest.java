package io.weir.dispatcher;

import static io.weir.dispatcher.FakeEngine.response;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedBroker;
import io.weir.embedded.EmbeddedBrokerConfig;
import io.weir.embedded.EmbeddedRegistry;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.LifecycleType;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerOutageTest {
  @Test
  void anAnswerThatIsFinishedMeanwhileIsPublishedAfterwards(@TempDir Path directory)
      throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (EmbeddedRegistry registry = EmbeddedRegistry.start(0);
        FakeEngine engine =
            FakeEngine.start(
                (call, out) -> {
                  gate.await();
                  out.write(response("application/json", "{\"whole\":true}"));
                })) {
      EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.in(directory));
      String address = broker.bootstrapServers();
      try (Rig rig = Rig.on(KafkaSettings.of(address, registry.url()))) {
        // Given a request whose claim is in Kafka, and a lease that outlasts the outage
        rig.engine(engine.uri(), 1);
        long now = System.nanoTime();
        Dispatcher dispatcher = rig.dispatch(Settings.calls(Map.of()), () -> now);
        String id = rig.sendOne(rig.request());
        rig.until("claim", () -> !rig.events(id).isEmpty());

        // When the engine answers while the broker is away
        broker.close();
        gate.countDown();
        Awaitility.await().atMost(Rig.PATIENCE).until(() -> engine.running() == 0);
        int port = URI.create("kafka://" + address).getPort();
        broker = EmbeddedBroker.start(EmbeddedBrokerConfig.in(directory).withPort(port));

        // Then
        assertThat(rig.terminal(id).getType()).isEqualTo(LifecycleType.SUCCEEDED);
        assertThat(rig.text(id)).isEqualTo("{\"whole\":true}");
        assertThat(rig.terminal(rig.sendOne(rig.request())).getType())
            .isEqualTo(LifecycleType.SUCCEEDED);
        assertThat(engine.calls()).hasSize(2);
        assertThat(dispatcher.isReady()).isTrue();
      } finally {
        broker.close();
      }
    }
  }
}
