import java.io.File;
import java.lang.invoke.MethodHandles;
import java.util.EnumSet;
import java.util.Map;
import javax.servlet.DispatcherType;
import org.apache.solr.servlet.SolrDispatchFilter;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.DefaultServlet;
import org.eclipse.jetty.servlet.ServletContextHandler;

/**
 * Runs Apache Atlas and the Solr that indexes for it in one JVM, on loopback.
 * Arguments: Solr's home folder, Solr's port, then Atlas's own arguments.
 */
public final class AtlasLauncher {
    public static void main(String[] args) throws Exception {
        unhideFieldModifiers();
        startSolr(new File(args[0]).getAbsolutePath(), Integer.parseInt(args[1]));
        String[] rest = new String[args.length - 2];
        System.arraycopy(args, 2, rest, 0, rest.length);
        org.apache.atlas.Atlas.main(rest);
    }

    private static void startSolr(String home, int port) throws Exception {
        System.setProperty("solr.solr.home", home);
        System.setProperty("solr.log.dir", home);
        Server jetty = new Server();
        ServerConnector loopback = new ServerConnector(jetty, 1, 1);
        loopback.setHost("127.0.0.1");
        loopback.setPort(port);
        jetty.addConnector(loopback);
        ServletContextHandler solr = new ServletContextHandler(jetty, "/solr", ServletContextHandler.SESSIONS);
        solr.setResourceBase(home);
        solr.addFilter(SolrDispatchFilter.class, "/*", EnumSet.of(DispatcherType.REQUEST));
        solr.addServlet(DefaultServlet.class, "/");
        jetty.start();
    }

    /** Atlas 2.1.0 un-finals two fields of JanusGraph through Field.modifiers, which Java 12 and later hide. */
    private static void unhideFieldModifiers() throws Exception {
        if (Runtime.version().feature() < 12) {
            return;
        }
        Class<?> reflection = Class.forName("jdk.internal.reflect.Reflection");
        MethodHandles.privateLookupIn(reflection, MethodHandles.lookup())
                .findStaticVarHandle(reflection, "fieldFilterMap", Map.class)
                .setVolatile(Map.of());
    }
}
