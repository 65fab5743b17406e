package io.weir.controller;

import io.weir.routing.fleet.Engine;
import io.weir.schemas.KafkaSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** A controller that can be killed. */
final class ControllerProcess {
  private ControllerProcess() {}

  static Process start(KafkaSettings kafka, String instance, int engines) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                ControllerProcess.class.getName(),
                kafka.bootstrapServers(),
                kafka.properties().get("schema.registry.url"),
                instance,
                Integer.toString(engines)))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Runs until it is killed, or its parent's broker is gone for good. */
  public static void main(String[] args) throws Exception {
    Engine[] engines =
        IntStream.range(0, Integer.parseInt(args[3]))
            .mapToObj(i -> Rig.engine("e" + i, URI.create("http://127.0.0.1:9")))
            .toArray(Engine[]::new);
    Controller controller =
        Controller.start(
            Rig.config(args[2]), Rig.fleet(engines), KafkaSettings.of(args[0], args[1]));
    new CountDownLatch(1).await();
    controller.close();
  }
}
