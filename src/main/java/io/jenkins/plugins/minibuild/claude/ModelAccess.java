package io.jenkins.plugins.minibuild.claude;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Util;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.access.ModelPolicy;
import io.jenkins.plugins.minibuild.files.Glob;
import io.jenkins.plugins.minibuild.step.BuildContext;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * The model that a step asks for, and how it is reached. Each value is null where the step leaves it to the administrator. Immutable.
 *
 * @param apiKeyCredentialsId a secret text with the key
 * @param baseUrl the address of the model's service
 * @param model the model's name
 */
public record ModelAccess(
        @CheckForNull String apiKeyCredentialsId,
        @CheckForNull String baseUrl,
        @CheckForNull String model) {

    private static final String SERVICE = "https://api.anthropic.com";

    /**
     * Checks the address and the name.
     *
     * @throws IllegalArgumentException with a message for users
     */
    public ModelAccess {
        ClaudeSettings.checkBaseUrl(baseUrl);
        ClaudeSettings.checkModel(model);
    }

    /** The id of the credential that is used; empty for none. */
    String keyCredentialsId(ClaudeSettings settings) {
        return Util.fixNull(apiKeyCredentialsId == null ? settings.apiKeyCredentialsId() : apiKeyCredentialsId);
    }

    /**
     * Reads the key and fills in what the administrator configured. The build's redactor knows the key afterwards.
     *
     * @throws AbortException if there is no usable key, the administrator's key is not for this job or would go to an address that the administrator
     *     did not choose, or the policy does not have the model
     */
    ClaudeRequest.Model resolve(BuildContext context, ClaudeSettings settings, ModelPolicy policy)
            throws AbortException {
        String id = keyCredentialsId(settings);
        if (id.isEmpty()) {
            throw new AbortException(Messages.ModelAccess_noKey());
        }
        if (id.equals(settings.apiKeyCredentialsId())) {
            if (!settings.keyJobs().allows(context.record().jobName())) {
                throw new AbortException(Messages.ModelAccess_notForThisJob());
            }
            if (baseUrl != null && !baseUrl.equals(settings.baseUrl())) {
                throw new AbortException(Messages.ModelAccess_foreignAddress());
            }
        }
        String name = model == null ? settings.model() : model;
        policy.checkModel(name);
        String address = baseUrl == null ? settings.baseUrl() : baseUrl;
        StandardCredentials found =
                context.credentials().require(id, address == null ? SERVICE : address, "secret text");
        if (!(found instanceof StringCredentials text)) {
            throw new AbortException(Messages.ModelAccess_keyKind(id));
        }
        Secret key = text.getSecret();
        String plain = key.getPlainText();
        if (plain.isBlank() || plain.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new AbortException(Messages.ModelAccess_keyUnusable(id));
        }
        context.redactor().add(plain);
        List<Glob> allowed =
                policy.models().stream().map(rule -> Glob.names(rule.value())).toList();
        return new ClaudeRequest.Model(name, key, address == null ? SERVICE : address, allowed);
    }
}
