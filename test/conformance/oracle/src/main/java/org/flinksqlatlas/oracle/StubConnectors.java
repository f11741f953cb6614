package org.flinksqlatlas.oracle;

import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.catalog.TableDistribution;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.sink.DataStreamSinkProvider;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
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
import java.util.concurrent.atomic.AtomicReference;

/**
 * A module that offers one factory for every connector name, so that planning needs no connector jar. Stubs read and
 * write all metadata columns declared, support lookups and row-level changes, and have the changelog mode that the real
 * connector of that name has, as far as the planner's verdict depends on it.
 */
final class StubConnectors implements Module {
    private static final Set<String> CHANGELOG_FORMATS = Set.of(
            "debezium-json", "canal-json", "maxwell-json", "ogg-json", "debezium-avro-confluent", "changelog-json", "protobuf-cdc");
    private static final Set<String> APPEND_ONLY_SINKS = Set.of("filesystem", "kinesis", "firehose", "pulsar");
    /** Sinks that take changes only where the table has a key, and say so themselves. */
    private static final Set<String> KEYED_SINKS = Set.of("jdbc", "mongodb");
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
            DataType produced = context.getPhysicalRowDataType();
            return new StubSource(context.getCatalogTable().getOptions(), metadata(context.getCatalogTable().getResolvedSchema(), false),
                    new AtomicReference<>(produced));
        }

        @Override
        public DynamicTableSink createDynamicTableSink(Context context) {
            ResolvedSchema schema = context.getCatalogTable().getResolvedSchema();
            return new StubSink(context.getCatalogTable().getOptions(), metadata(schema, true), schema.getPrimaryKey().isPresent());
        }
    }

    /** {@code produced} is the type of its rows: the physical columns, and behind them the metadata that is asked for. */
    private record StubSource(Map<String, String> options, Map<String, DataType> metadata, AtomicReference<DataType> produced)
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
            TypeInformation<RowData> rows = context.createTypeInformation(produced.get());
            return new DataStreamScanProvider() {
                @Override
                public DataStream<RowData> produceDataStream(ProviderContext provider, StreamExecutionEnvironment environment) {
                    return environment.fromSequence(1, 1).map(new NoRow()).returns(rows);
                }

                @Override
                public boolean isBounded() {
                    return true;
                }
            };
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
        public void applyReadableMetadata(List<String> keys, DataType produced) {
            this.produced.set(produced);
        }

        @Override
        public RowLevelModificationScanContext applyRowLevelModificationScan(
                RowLevelModificationType type, RowLevelModificationScanContext previous) {
            return null;
        }

        @Override
        public DynamicTableSource copy() {
            return new StubSource(options, metadata, new AtomicReference<>(produced.get()));
        }

        @Override
        public String asSummaryString() {
            return "stub";
        }
    }

    /** Never runs: jobs are only planned. */
    private static final class NoRow implements MapFunction<Long, RowData> {
        @Override
        public RowData map(Long number) {
            return null;
        }
    }

    private record StubSink(Map<String, String> options, Map<String, DataType> metadata, boolean keyed)
            implements DynamicTableSink, SupportsBucketing, SupportsWritingMetadata, SupportsPartitioning, SupportsOverwrite, SupportsRowLevelDelete,
                    SupportsRowLevelUpdate {
        @Override
        public ChangelogMode getChangelogMode(ChangelogMode requested) {
            String connector = options.getOrDefault("connector", "");
            boolean appends = APPEND_ONLY_SINKS.contains(connector) || connector.equals("kafka");
            if (appends && !hasChangelogFormat(options)) return ChangelogMode.insertOnly();
            if (!keyed && KEYED_SINKS.contains(connector) && !requested.containsOnly(RowKind.INSERT)) {
                throw new IllegalStateException("please declare primary key for sink table when query contains update/delete record.");
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
            return new DataStreamSinkProvider() {
                @Override
                public DataStreamSink<?> consumeDataStream(ProviderContext provider, DataStream<RowData> rows) {
                    return rows.sinkTo(new DiscardingSink<>());
                }
            };
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
