import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/**
 * A Neo4j Community server in one process, for tests: the embedded kernel with its Bolt connector on loopback.
 *
 * <p>Arguments: DATADIR PORT CONF. It prints "ready" when Bolt answers and runs until its standard input ends.
 * The end of standard input is how it learns that its parent died, even by SIGKILL, so no JVM is left behind.
 */
public final class Neo4jDev {
    /** A file of this name in DATADIR says that nobody will want the data after the parent's death. */
    private static final String TEMPORARY = "temporary";

    public static void main(String[] args) throws Exception {
        Path data = Path.of(args[0]);
        int port = Integer.parseInt(args[1]);
        watchParent(data);
        DatabaseManagementService dbms;
        try {
            dbms = new DatabaseManagementServiceBuilder(data)
                    .loadPropertiesFromFile(Path.of(args[2]))
                    .setConfig(BoltConnector.enabled, true)
                    .setConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", port))
                    .build();
            setInitialPassword(dbms);
        } catch (Throwable e) {
            // The causes say it all; the stack between them only pushes them out of the parent's view.
            for (Throwable t = e; t != null; t = t.getCause()) {
                System.err.println(t);
            }
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(dbms::shutdown));
        System.out.println("ready");
        Thread.currentThread().join();
    }

    /**
     * The server is born with a password that every client must change before anything else. Set here, from inside,
     * it needs no change; from the environment, because arguments are visible to every user of the machine.
     */
    private static void setInitialPassword(DatabaseManagementService dbms) {
        String password = System.getenv("NEO4JDEV_INITIAL_PASSWORD");
        if (password == null || password.isEmpty()) {
            return;
        }
        dbms.database(GraphDatabaseSettings.SYSTEM_DATABASE_NAME)
                .executeTransactionally(
                        "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED", Map.of("password", password));
    }

    private static void watchParent(Path data) {
        Thread watch = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {}
            } catch (IOException e) {
                // A broken pipe means the same as its end.
            }
            if (Files.exists(data.resolve(TEMPORARY))) {
                deleteTree(data);
            }
            // Not exit(): an orderly shutdown takes seconds and nobody is waiting for it.
            Runtime.getRuntime().halt(0);
        });
        watch.setDaemon(true);
        watch.start();
    }

    /** Files vanish and appear while the server runs, so failures are passed over; what is left is the system's to sweep. */
    private static void deleteTree(Path root) {
        try (var paths = Files.walk(root)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path p : deepestFirst) {
                Files.deleteIfExists(p);
            }
        } catch (IOException | RuntimeException e) {
            System.err.println(e);
        }
    }
}
