package io.weir.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import io.weir.schemas.EngineLoad;
import io.weir.schemas.Member;
import io.weir.schemas.PoolLoad;
import io.weir.schemas.Role;
import io.weir.schemas.members.LeaseTerms;
import io.weir.schemas.members.Membership;
import java.net.URI;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DispatcherMemberTest {
  @Test
  void aDispatcherTellsWhatItHoldsAndThatItLeaves(@TempDir Path directory) {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
        Rig rig = Rig.on(kafka);
        Membership members =
            Membership.follow(kafka.settings(), "test", LeaseTerms.STANDARD, any -> {})) {
      // Given
      Dispatcher dispatcher = rig.engine(URI.create("http://127.0.0.1:9"), 2).dispatch();

      // When
      Awaitility.await().atMost(Rig.PATIENCE).until(() -> !members.current().live().isEmpty());

      // Then
      Member member = members.current().of(Role.DISPATCHER).getFirst();
      assertThat(member.getSource()).contains(rig.source().name());
      assertThat(member.getAddress()).isEqualTo("http://127.0.0.1:" + dispatcher.port());
      PoolLoad load = member.getPools().getFirst();
      assertThat(load.getPool()).isEqualTo(Rig.POOL);
      assertThat(load.getReady()).isZero();
      assertThat(load.getEngines()).containsExactly(new EngineLoad("e0", 0));

      // When
      dispatcher.close();

      // Then
      Awaitility.await().atMost(Rig.PATIENCE).until(() -> members.current().live().isEmpty());
    }
  }
}
