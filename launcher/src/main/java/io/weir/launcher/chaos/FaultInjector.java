package io.weir.launcher.chaos;

import java.util.concurrent.TimeUnit;

/** Does to processes what a fault says, and makes good what it has done. */
final class FaultInjector {
  private final ChaosSystem system;

  FaultInjector(ChaosSystem system) {
    this.system = system;
  }

  /** Returns when the process is ready again. */
  FaultTimes inject(Fault fault) throws InterruptedException {
    RoleProcess process = system.process(fault.process());
    long began = System.currentTimeMillis();
    switch (fault.action()) {
      case KILL -> {
        process.kill();
        TimeUnit.MILLISECONDS.sleep(FaultAction.DEAD.toMillis());
        system.startAgain(process);
      }
      case PAUSE -> {
        process.pause();
        try {
          TimeUnit.MILLISECONDS.sleep(FaultAction.PAUSED.toMillis());
        } finally {
          process.resume();
        }
      }
      case RESTART -> {
        process.stop();
        system.startAgain(process);
      }
    }
    return new FaultTimes(fault, began, System.currentTimeMillis(), Long.MAX_VALUE);
  }
}
