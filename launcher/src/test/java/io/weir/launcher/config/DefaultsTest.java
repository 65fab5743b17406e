package io.weir.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.config.Default;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every key of the configuration file and its default: none changes unnoticed. */
class DefaultsTest {
  @Test
  void everyKeyHasTheRecordedDefault() throws IOException {
    List<String> keys = new ArrayList<>();
    describe(WeirConfig.class, "", keys);

    try (InputStream recorded = DefaultsTest.class.getResourceAsStream("defaults.txt")) {
      assertThat(String.join("\n", keys) + "\n")
          .as("if a default was changed on purpose, record it in defaults.txt")
          .isEqualTo(new String(recorded.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyKeyAndDefaultIsDocumented() throws IOException {
    List<String> keys = new ArrayList<>();
    describe(WeirConfig.class, "", keys);

    assertThat(Files.readString(Path.of("..", "docs", "configuration.md")))
        .contains(keys.stream().map(DefaultsTest::row).toList());
  }

  private static String row(String key) {
    int equals = key.indexOf(" = ");
    if (equals > 0) {
      return "| `" + key.substring(0, equals) + "` | `" + key.substring(equals + 3) + "` |";
    }
    String name = key.substring(0, key.lastIndexOf(' '));
    return "| `" + name + "` | " + (key.endsWith(" required") ? "required" : "none") + " |";
  }

  private static void describe(Class<?> type, String path, List<String> keys) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = path + kebab(component.getName());
      Default fallback = component.getAnnotation(Default.class);
      if (fallback != null) {
        keys.add(key + " = " + fallback.value());
      } else {
        describe(component.getGenericType(), key, keys);
      }
    }
  }

  private static void describe(Type type, String key, List<String> keys) {
    if (type instanceof ParameterizedType generic) {
      Type item = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      Object raw = generic.getRawType();
      if (raw == Optional.class) {
        keys.add(key + " absent");
        if (item instanceof Class<?> record && isSection(record)) {
          describe(record, key + ".", keys);
        }
      } else if (item instanceof Class<?> record && isSection(record)) {
        describe(record, key + (raw == Map.class ? ".*." : "[]."), keys);
      } else {
        keys.add(key + " empty");
      }
    } else if (type instanceof Class<?> record && isSection(record)) {
      describe(record, key + ".", keys);
    } else {
      keys.add(key + " required");
    }
  }

  private static boolean isSection(Class<?> type) {
    return type.isRecord() && !type.getPackageName().equals("io.weir.routing.config");
  }

  private static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
