package io.weir.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.fleet.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatchTest {
  private static final String FLEET =
      """
      sources: [{name: home}]
      pools: [{name: llama}]
      engines:
        - {id: a, url: "http://127.0.0.1:8001", pool: llama}
      """;
  private static final String ANOTHER =
      "  - {id: b, url: \"http://127.0.0.1:8002\", pool: llama}\n";

  @TempDir private Path folder;
  private Path file;
  private ConfigWatch watch;
  private final List<WeirConfig> taken = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    file = Files.writeString(folder.resolve("weir.yaml"), FLEET);
    watch = new ConfigWatch(file, ConfigFile.parse("weir.yaml", FLEET, Map.of()), taken::add);
  }

  private List<String> after(String text) throws IOException {
    Files.writeString(file, text);
    watch.look();
    return taken.stream().map(config -> ids(config)).toList();
  }

  private static String ids(WeirConfig config) {
    return String.join(" ", config.engines().stream().map(Engine::id).toList());
  }

  @Test
  void aNewEngineIsTakenUpOnce() throws IOException {
    assertThat(after(FLEET + ANOTHER)).containsExactly("a b");
    assertThat(after(FLEET + ANOTHER)).containsExactly("a b");
    assertThat(after(FLEET)).containsExactly("a b", "a");
  }

  @Test
  void aBadFileIsRefusedAndTheNextGoodOneTaken() throws IOException {
    assertThat(after(FLEET + "  - {id: a")).isEmpty();
    assertThat(after(FLEET + ANOTHER)).containsExactly("a b");
  }

  @Test
  void whatNeedsARestartIsRefusedAsAWhole() throws IOException {
    assertThat(after(FLEET.replace("name: home", "name: away") + ANOTHER)).isEmpty();
  }

  @Test
  void aKeyThatDispatchersCannotKnowIsRefused() throws IOException {
    assertThat(after(FLEET + ANOTHER.replace("}", ", api-key: secret}"))).isEmpty();
    assertThat(after(FLEET + ANOTHER)).containsExactly("a b");
  }

  @Test
  void aFileThatIsGoneChangesNothing() throws IOException {
    Files.delete(file);
    watch.look();
    assertThat(taken).isEmpty();
    assertThat(after(FLEET + ANOTHER)).containsExactly("a b");
  }
}
