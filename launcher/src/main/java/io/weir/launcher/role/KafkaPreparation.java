package io.weir.launcher.role;

import io.weir.launcher.config.WeirConfig;
import io.weir.routing.fleet.Pool;
import io.weir.schemas.DispatcherGroups;
import io.weir.schemas.KafkaSettings;
import io.weir.schemas.SchemaRegistration;
import io.weir.schemas.TopicCatalog;
import io.weir.schemas.TopicCreator;
import io.weir.schemas.TopicLayout;
import io.weir.schemas.TopicSpec;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/** Makes topics and schemas exist before a role says it is ready. */
final class KafkaPreparation {
  private KafkaPreparation() {}

  /**
   * Registers the schemas and creates the topics that are missing.
   *
   * @return what was found or made, for people
   */
  static String prepare(WeirConfig config, KafkaSettings kafka) {
    int schemas = SchemaRegistration.registerAll(kafka).size();
    List<String> sources = config.sources().stream().map(source -> source.name()).toList();
    List<TopicSpec<?>> topics =
        new TopicCatalog(TopicLayout.defaults())
            .topics(sources, config.pools().stream().map(Pool::name).toList());
    try (Admin admin = Admin.create(kafka.admin())) {
      TopicCreator.ensure(admin, topics);
      DispatcherGroups.ensure(admin, sources);
    }
    return topics.size() + " topics, " + schemas + " schemas";
  }
}
