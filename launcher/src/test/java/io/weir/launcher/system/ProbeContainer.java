package io.weir.launcher.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.shaded.org.awaitility.core.ConditionTimeoutException;
import org.testcontainers.utility.DockerImageName;

/**
 * A container with kcat and a shell, in a network of its own as compose makes one. The variable
 * {@code WEIR_TEST_PROBE_IMAGE} names an image with {@code kcat}, {@code sh}, {@code wget} and
 * {@code od}; one that is there already is not pulled.
 */
final class ProbeContainer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProbeContainer.class);
  private static final DockerImageName IMAGE =
      DockerImageName.parse(
          Optional.ofNullable(System.getenv("WEIR_TEST_PROBE_IMAGE"))
              .orElse("edenhill/kcat:1.7.1"));

  private final Network network;
  private final GenericContainer<?> container;

  private ProbeContainer(Network network, GenericContainer<?> container) {
    this.network = network;
    this.container = container;
  }

  /** Skips the test where there is no Docker, or no image and none to be had. */
  static void require() throws InterruptedException {
    if (!available()) {
      abort("Docker is not available");
    }
    if (!present() && !pulled()) {
      abort(
          "The image "
              + IMAGE
              + " is not here and cannot be pulled; WEIR_TEST_PROBE_IMAGE may name another");
    }
  }

  private static boolean available() {
    try {
      return DockerClientFactory.instance().isDockerAvailable();
    } catch (ConditionTimeoutException e) {
      // Where the test itself is in a container Testcontainers may look for the host with an image.
      LOG.warn("Docker is there, but Testcontainers cannot use it", e);
      return false;
    }
  }

  private static boolean present() {
    try {
      DockerClientFactory.lazyClient().inspectImageCmd(IMAGE.asCanonicalNameString()).exec();
      return true;
    } catch (NotFoundException missing) {
      return false;
    }
  }

  /** Tries once: Testcontainers' own pull repeats what a machine without a network cannot do. */
  private static boolean pulled() throws InterruptedException {
    try {
      return DockerClientFactory.lazyClient()
          .pullImageCmd(IMAGE.getUnversionedPart())
          .withTag(IMAGE.getVersionPart())
          .start()
          .awaitCompletion(1, TimeUnit.MINUTES);
    } catch (DockerException | DockerClientException e) {
      LOG.warn("Cannot pull {}", IMAGE, e);
      return false;
    }
  }

  static ProbeContainer start() {
    Network network = Network.newNetwork();
    GenericContainer<?> container =
        new GenericContainer<>(IMAGE)
            .withNetwork(network)
            .withExtraHost("host.docker.internal", "host-gateway")
            .withCreateContainerCmdModifier(
                command -> command.withEntrypoint("sleep").withCmd("600"));
    ProbeContainer probe = new ProbeContainer(network, container);
    try {
      container.start();
      return probe;
    } catch (RuntimeException e) {
      probe.close();
      throw e;
    }
  }

  /** What a shell command in the container prints; it must succeed within 30 s. */
  String run(String command) throws IOException, InterruptedException {
    Container.ExecResult result = container.execInContainer("timeout", "30", "sh", "-c", command);
    assertThat(result.getExitCode()).as(command + ": " + result.getStderr()).isZero();
    return result.getStdout().strip();
  }

  @Override
  public void close() {
    container.close();
    network.close();
  }
}
