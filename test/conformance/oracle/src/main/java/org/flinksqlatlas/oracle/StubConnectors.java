package org.flinksqlatlas.oracle;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.catalog.TableDistribution;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.RowLevelModificationScanContext;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.abilities.SupportsBucketing;
import org.apache.flink.table.connector.sink.abilities.SupportsOverwrite;
import org.apache.flink.table.connector.sink.abilities.SupportsPartitioning;
import org.apache.flink.table.connector.sink.abilities.SupportsRowLevelDelete;
import org.apache.flink.table.connector.sink.abilities.SupportsRowLevelUpdate;
import org.apache.flink.table.connector.sink.abilities.SupportsWritingMetadata;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.LookupTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsRowLevelModificationScan;
import org.apache.flink.table.connector.source.lookup.LookupFunctionProvider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.functions.LookupFunction;
import org.apache.flink.table.module.Module;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.RowKind;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A module that offers one factory for every connector name, so that planning needs no connector jar. Stubs read and
 * write all metadata columns declared, support lookups and row-level changes, and have the changelog mode that the real
 * connector of that name has, as far as the planner's verdict depends on it.
 */
final class StubConnectors implements Module {
    private static final Set<String> CHANGELOG_FORMATS = Set.of(
            "debezium-json", "canal-json", "maxwell-json", "ogg-json", "debezium-avro-confluent", "changelog-json", "protobuf-cdc");
    private static final Set<String> APPEND_ONLY_SINKS = Set.of("filesystem", "kinesis", "pulsar");
    /** What these sinks take whatever is asked of them. */
    private static final ChangelogMode UPSERT = ChangelogMode.newBuilder()
            .addContainedKind(RowKind.INSERT).addContainedKind(RowKind.UPDATE_AFTER).addContainedKind(RowKind.DELETE).build();

    @Override
    public Optional<DynamicTableSourceFactory> getTableSourceFactory() {
        return Optional.of(new StubFactory());
    }

    @Override
    public Optional<DynamicTableSinkFactory> getTableSinkFactory() {
        return Optional.of(new StubFactory());
    }

    private static boolean hasChangelogFormat(Map<String, String> options) {
        return CHANGELOG_FORMATS.contains(options.getOrDefault("format", options.getOrDefault("value.format", "")));
    }

    private static Map<String, DataType> metadata(ResolvedSchema schema, boolean written) {
        Map<String, DataType> keys = new LinkedHashMap<>();
        for (Column column : schema.getColumns()) {
            if (!(column instanceof Column.MetadataColumn metadata) || (written && metadata.isVirtual())) continue;
            keys.put(metadata.getMetadataKey().orElse(metadata.getName()), metadata.getDataType());
        }
        return keys;
    }

    private static final class StubFactory implements DynamicTableSourceFactory, DynamicTableSinkFactory {
        @Override
        public String factoryIdentifier() {
            return "stub";
        }

        @Override
        public Set<ConfigOption<?>> requiredOptions() {
            return Set.of();
        }

        @Override
        public Set<ConfigOption<?>> optionalOptions() {
            return Set.of();
        }

        @Override
        public DynamicTableSource createDynamicTableSource(Context context) {
            return new StubSource(context.getCatalogTable().getOptions(), metadata(context.getCatalogTable().getResolvedSchema(), false));
        }

        @Override
        public DynamicTableSink createDynamicTableSink(Context context) {
            ResolvedSchema schema = context.getCatalogTable().getResolvedSchema();
            return new StubSink(context.getCatalogTable().getOptions(), metadata(schema, true), schema.getPrimaryKey().isPresent());
        }
    }

    private record StubSource(Map<String, String> options, Map<String, DataType> metadata)
            implements ScanTableSource, LookupTableSource, SupportsReadingMetadata, SupportsRowLevelModificationScan {
        @Override
        public ChangelogMode getChangelogMode() {
            String connector = options.getOrDefault("connector", "");
            if (connector.equals("upsert-kafka")) return ChangelogMode.upsert();
            boolean changes = connector.contains("cdc") || hasChangelogFormat(options) || options.containsKey("changelog-mode");
            return changes ? ChangelogMode.all() : ChangelogMode.insertOnly();
        }

        @Override
        public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
            return () -> true;
        }

        @Override
        public LookupRuntimeProvider getLookupRuntimeProvider(LookupContext context) {
            return LookupFunctionProvider.of(new LookupFunction() {
                @Override
                public Collection<RowData> lookup(RowData keys) {
                    return List.of();
                }
            });
        }

        @Override
        public Map<String, DataType> listReadableMetadata() {
            return metadata;
        }

        @Override
        public void applyReadableMetadata(List<String> keys, DataType produced) {}

        @Override
        public RowLevelModificationScanContext applyRowLevelModificationScan(
                RowLevelModificationType type, RowLevelModificationScanContext previous) {
            return null;
        }

        @Override
        public DynamicTableSource copy() {
            return this;
        }

        @Override
        public String asSummaryString() {
            return "stub";
        }
    }

    private record StubSink(Map<String, String> options, Map<String, DataType> metadata, boolean keyed)
            implements DynamicTableSink, SupportsBucketing, SupportsWritingMetadata, SupportsPartitioning, SupportsOverwrite, SupportsRowLevelDelete,
                    SupportsRowLevelUpdate {
        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            String connector = options.getOrDefault("connector", "");
            if (APPEND_ONLY_SINKS.contains(connector) || (connector.equals("kafka") && !hasChangelogFormat(options))) {
                return ChangelogMode.insertOnly();
            }
            if (connector.equals("upsert-kafka") || (keyed && connector.equals("jdbc"))) return UPSERT;
            if (!keyed || !(connector.equals("mongodb") || connector.startsWith("elasticsearch") || connector.startsWith("hbase"))) {
                return requested;
            }
            ChangelogMode.Builder mode = ChangelogMode.newBuilder();
            for (RowKind kind : requested.getContainedKinds()) if (kind != RowKind.UPDATE_BEFORE) mode.addContainedKind(kind);
            return mode.build();
        }

        @Override
        public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
            return new SinkRuntimeProvider() {};
        }

        @Override
        public Map<String, DataType> listWritableMetadata() {
            return metadata;
        }

        @Override
        public void applyWritableMetadata(List<String> keys, DataType consumed) {}

        @Override
        public Set<TableDistribution.Kind> listAlgorithms() {
            return Set.of(TableDistribution.Kind.values());
        }

        @Override
        public boolean requiresBucketCount() {
            return false;
        }

        @Override
        public void applyStaticPartition(Map<String, String> partition) {}

        @Override
        public void applyOverwrite(boolean overwrite) {}

        @Override
        public RowLevelDeleteInfo applyRowLevelDelete(RowLevelModificationScanContext context) {
            return new RowLevelDeleteInfo() {};
        }

        @Override
        public RowLevelUpdateInfo applyRowLevelUpdate(List<Column> updated, RowLevelModificationScanContext context) {
            return new RowLevelUpdateInfo() {};
        }

        @Override
        public DynamicTableSink copy() {
            return this;
        }

        @Override
        public String asSummaryString() {
            return "stub";
        }
    }
}
