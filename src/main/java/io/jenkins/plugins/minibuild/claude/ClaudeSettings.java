package io.jenkins.plugins.minibuild.claude;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.files.Glob;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What an admin has configured for a build. Immutable.
 *
 * @param apiKeyCredentialsId where a step names none; null for none
 * @param baseUrl where a step names none; null for the ordinary one
 * @param model where a step names none; null for the command's own choice
 * @param budgets that apply to the build's job
 * @param keyJobs the jobs that may use that credential, by their full names; empty for all
 */
public record ClaudeSettings(
        @CheckForNull String apiKeyCredentialsId,
        @CheckForNull String baseUrl,
        @CheckForNull String model,
        List<DailyBudget.Scope> budgets,
        Glob keyJobs) {
    /** Nothing is configured. */
    public static final ClaudeSettings NONE = new ClaudeSettings(null, null, null, List.of(), Glob.names(null));

    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@\\[\\]-]{0,127}");

    /** Copies the list. */
    public ClaudeSettings {
        budgets = List.copyOf(budgets);
    }

    /**
     * Checks the name of a model; null stays null.
     *
     * @throws IllegalArgumentException with a message for users
     */
    @CheckForNull
    public static String checkModel(@CheckForNull String model) {
        if (model != null && !MODEL.matcher(model).matches()) {
            throw new IllegalArgumentException(Messages.ClaudeSettings_model(model));
        }
        return model;
    }

    /**
     * Checks the address of the model's service: the key goes there. Null stays null.
     *
     * @throws IllegalArgumentException with a message for users
     */
    @CheckForNull
    public static String checkBaseUrl(@CheckForNull String url) {
        if (url == null) {
            return null;
        }
        try {
            URI uri = new URI(url);
            String host = uri.getHost();
            boolean local = "localhost".equals(host) || "127.0.0.1".equals(host) || "[::1]".equals(host);
            boolean safe = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && local;
            if (host != null
                    && safe
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new IllegalArgumentException(Messages.ClaudeSettings_baseUrl());
    }
}
