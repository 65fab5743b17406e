package io.weir.launcher.replay;

import io.weir.routing.engine.EngineProfile;
import io.weir.routing.engine.EngineProfiles;
import io.weir.routing.replay.ReplayEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads fleets such as {@code 8xa100-llama-3-8b,8xh100-llama-3-8b@aws:us-east-1}. */
final class EngineGroups {
  private static final Pattern GROUP = Pattern.compile("(?:(\\d+)x)?([a-z0-9-]+?)(?:@(.+))?");

  /** KV cache sizes other than the profiles'. */
  record Cache(int blockTokens, int deviceTokens, int hostTokens) {
    EngineProfile applied(EngineProfile profile) {
      int block = blockTokens > 0 ? blockTokens : profile.blockSize();
      long device = deviceTokens > 0 ? deviceTokens : profile.kvTokens();
      return profile.withCache((int) (device / block), block, hostTokens / block);
    }
  }

  private EngineGroups() {}

  /**
   * The engines, named {@code <profile>-<number>}.
   *
   * @param region of groups that name none
   * @throws IllegalArgumentException saying what is wrong with a group
   */
  static List<ReplayEngine> parse(String groups, String region, Cache cache) {
    List<ReplayEngine> engines = new ArrayList<>();
    for (String group : groups.split(",", -1)) {
      Matcher matcher = GROUP.matcher(group.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "'" + group + "' is not like 8xh100-llama-3-8b or 4xa100-llama-3-8b@aws:us-east-1");
      }
      String name = matcher.group(2);
      EngineProfile profile =
          EngineProfiles.named(name)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "no engine profile is named '"
                              + name
                              + "'; there are "
                              + String.join(", ", new TreeSet<>(EngineProfiles.names()))));
      int count = matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
      String place = matcher.group(3) == null ? region : matcher.group(3);
      for (int i = 0; i < count; i++) {
        engines.add(new ReplayEngine(name + "-" + engines.size(), cache.applied(profile), place));
      }
    }
    return engines;
  }
}
