package io.weir.routing.order;

import static io.weir.routing.order.Job.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.order.BrownOut.Rung;
import org.junit.jupiter.api.Test;

class BrownOutTest {
  private final BrownOut brownOut = new BrownOut(2 * SECOND);

  @Test
  void goesDownARungAtATimeWhileALongWaitLasts() {
    assertThat(brownOut.observe(SECOND, 0)).isEqualTo(Rung.NORMAL);
    assertThat(brownOut.observe(SECOND + 1, 0)).isEqualTo(Rung.NO_BATCH);
    assertThat(brownOut.observe(SECOND + 1, 1)).isEqualTo(Rung.NO_BATCH);
    assertThat(brownOut.observe(SECOND + 1, SECOND / 4)).isEqualTo(Rung.NO_FLEX);
    assertThat(brownOut.observe(SECOND + 1, SECOND / 2)).isEqualTo(Rung.THIN_STANDARD);
    assertThat(brownOut.observe(SECOND + 1, SECOND)).isEqualTo(Rung.THIN_STANDARD);
  }

  @Test
  void comesBackARungEachTenSecondsAndNotWhileAWaitIsLong() {
    brownOut.observe(2 * SECOND, 0);
    brownOut.observe(2 * SECOND, SECOND);
    assertThat(brownOut.observe(0, 10 * SECOND)).isEqualTo(Rung.NO_FLEX);
    assertThat(brownOut.observe(0, 11 * SECOND)).isEqualTo(Rung.NO_BATCH);
    assertThat(brownOut.observe(0, 20 * SECOND)).isEqualTo(Rung.NO_BATCH);
    assertThat(brownOut.observe(0, 21 * SECOND)).isEqualTo(Rung.NORMAL);
  }
}
