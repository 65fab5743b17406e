package io.weir.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.schemas.Member;
import io.weir.schemas.Role;
import io.weir.schemas.members.LeaseTerms;
import io.weir.schemas.members.Membership;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngressMemberTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void anIngressIsAMemberUntilItCloses(@TempDir Path directory) throws InterruptedException {
    Rig rig = new Rig(directory);
    try (Membership members =
        Membership.follow(rig.kafka.settings(), "test", LeaseTerms.STANDARD, any -> {})) {
      // Given
      Ingress ingress = rig.ingress();

      // When
      await().atMost(PATIENCE).until(() -> !members.current().ids(Role.INGRESS).isEmpty());

      // Then
      Member member = members.current().of(Role.INGRESS).getFirst();
      assertThat(member.getId()).isEqualTo(ingress.instance());
      assertThat(member.getSource()).contains(Rig.SOURCE.name());
      assertThat(member.getAddress()).isEqualTo(ingress.uri().toString());

      // When
      ingress.close();

      // Then
      await().atMost(PATIENCE).until(() -> members.current().ids(Role.INGRESS).isEmpty());
    } finally {
      rig.close();
    }
  }
}
