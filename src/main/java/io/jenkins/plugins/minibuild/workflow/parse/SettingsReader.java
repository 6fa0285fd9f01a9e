package io.jenkins.plugins.minibuild.workflow.parse;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.workflow.expression.Template;
import io.jenkins.plugins.minibuild.workflow.model.Retry;
import io.jenkins.plugins.minibuild.workflow.model.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what several levels share. */
final class SettingsReader {
    private static final List<String> ENGINES = List.of("host", "docker", "podman", "ssh");
    private static final List<String> ADDRESSES = List.of("ssh", "idp", "idps");

    private SettingsReader() {}

    /**
     * The settings of a level.
     *
     * @param timeout of a level without one; null for none
     */
    static Settings settings(Fields fields, @CheckForNull Duration timeout) {
        return new Settings(
                fields.environment(),
                fields.image("image").orElse(null),
                registry(fields).orElse(null),
                workdir(fields).orElse(null),
                shell(fields).orElse(null),
                fields.duration("timeout").orElse(timeout),
                engine(fields).orElse(null),
                resources(fields).orElse(null));
    }

    private static Optional<Template> workdir(Fields fields) {
        Optional<Template> workdir = fields.template("workdir");
        workdir.ifPresent(each -> {
            if (each.source().isBlank() || each.source().chars().anyMatch(character -> character < ' ')) {
                fields.bad(
                        fields.scalar("workdir").orElseThrow().position(),
                        Messages.Problem_workdir(),
                        Messages.Problem_workdirRemedy());
            }
        });
        return workdir;
    }

    private static Optional<String> shell(Fields fields) {
        return fields.scalar("shell").flatMap(scalar -> {
            String text = scalar.text().strip();
            if (!Fields.isName(text) || text.contains("${") || text.startsWith("-")) {
                fields.bad(
                        scalar.position(),
                        Messages.Problem_shell(YamlReader.shortened(text)),
                        Messages.Problem_shellRemedy());
                return Optional.empty();
            }
            return Optional.of(text);
        });
    }

    private static Optional<String> engine(Fields fields) {
        return fields.scalar("engine").flatMap(scalar -> {
            String text = scalar.text().strip();
            int end = text.indexOf("://");
            if (end < 0) {
                if (ENGINES.contains(text)) {
                    return Optional.of(text);
                }
                // It may be an address that is misspelled.
                text = text.split("[:/@]", 2)[0];
                fields.bad(
                        scalar.position(),
                        Messages.Problem_engine(YamlReader.shortened(text)),
                        fields.reading().problems().meant(text, ENGINES));
                return Optional.empty();
            }
            // From here on the text may hold a password, so no message shows it.
            String scheme = text.substring(0, end);
            if (!ADDRESSES.contains(scheme)) {
                fields.bad(
                        scalar.position(),
                        Messages.Problem_scheme(YamlReader.shortened(scheme)),
                        fields.reading().problems().meant(scheme, ADDRESSES));
                return Optional.empty();
            }
            if (!isAddress(text)) {
                fields.bad(scalar.position(), Messages.Problem_address(), Messages.Problem_addressRemedy(scheme));
                return Optional.empty();
            }
            int at = text.lastIndexOf('@');
            if (at > 0 && text.substring(end + 3, at).contains(":")) {
                fields.reading()
                        .problems()
                        .warn(scalar.position(), Messages.Problem_enginePassword(), Messages.Problem_passwordRemedy());
            }
            return Optional.of(text);
        });
    }

    /** Whether there is a host, and a port if there is a colon. Passwords may hold what no URI may, so they are left out. */
    private static boolean isAddress(String text) {
        int begin = Math.max(text.lastIndexOf('@') + 1, text.indexOf("://") + 3);
        try {
            URI address = new URI("x://" + text.substring(begin));
            return address.getHost() != null
                    && address.getPort() <= 65_535
                    && (address.getPath().isEmpty() || address.getPath().equals("/"))
                    && address.getQuery() == null
                    && address.getFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Who may pull an image. */
    static Optional<Settings.Registry> registry(Fields fields) {
        Optional<String> server = fields.name("image_registry");
        Optional<Template> username = fields.template("image_registry_username");
        Optional<Template> password = fields.template("image_registry_password");
        Optional<String> credential = fields.name("image_registry_credentials");
        if (credential.isPresent() && (username.isPresent() || password.isPresent())) {
            fields.bad(
                    fields.keyPosition("image_registry_credentials"),
                    Messages.Problem_twoCredentials(),
                    Messages.Problem_twoCredentialsRemedy());
        }
        if (password.isPresent()
                && password.get().references().isEmpty()
                && !password.get().source().contains("$")
                && !password.get().source().isEmpty()) {
            fields.reading()
                    .problems()
                    .warn(
                            fields.keyPosition("image_registry_password"),
                            Messages.Problem_registryPassword(),
                            Messages.Problem_registryPasswordRemedy());
        }
        return server.isEmpty() && username.isEmpty() && password.isEmpty() && credential.isEmpty()
                ? Optional.empty()
                : Optional.of(new Settings.Registry(
                        server.orElse(null), username.orElse(null), password.orElse(null), credential.orElse(null)));
    }

    private static Optional<Settings.Resources> resources(Fields fields) {
        return fields.fields("resources", Level.RESOURCES)
                .map(inner -> new Settings.Resources(
                        inner.cpu("cpu").orElse(0.0), inner.memory("memory").orElse(0L)));
    }

    /** How often something is run again: a number, or a mapping. */
    static Retry retry(Fields fields) {
        Optional<Fields> inner = fields.fields("retry", Level.RETRY);
        if (inner.isEmpty()) {
            return fields.count("retry", Level.RETRY.key("count").orElseThrow())
                    .map(count -> new Retry(count, 0, List.of()))
                    .orElse(Retry.NONE);
        }
        long backoff = inner.get().duration("backoff").map(Duration::toMillis).orElse(0L);
        return new Retry(
                inner.get().count("count").orElse(0),
                backoff,
                new ArrayList<>(inner.get().codes("exit_codes")));
    }
}
