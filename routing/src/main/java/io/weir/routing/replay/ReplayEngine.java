package io.weir.routing.replay;

import io.weir.routing.engine.EngineProfile;

/**
 * An engine of the simulated fleet.
 *
 * @param id unique in the fleet
 * @param profile its speed and limits as everyone believes them to be
 * @param region where it lies
 */
public record ReplayEngine(String id, EngineProfile profile, String region) {}
