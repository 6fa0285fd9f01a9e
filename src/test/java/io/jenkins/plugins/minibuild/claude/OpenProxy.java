package io.jenkins.plugins.minibuild.claude;

import hudson.FilePath;
import hudson.util.Secret;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A proxy to the model's service, for what measures it. */
public final class OpenProxy implements AutoCloseable {
    private final ModelProxy proxy;

    /** @param folder for its socket */
    public OpenProxy(Path folder, String key, String service) throws Exception {
        ClaudeRequest.Model model = new ClaudeRequest.Model(null, Secret.fromString(key), service, List.of());
        proxy = ModelProxy.open(new FilePath(folder.toFile()), true, model, 1000, new Redactor());
    }

    /** For the command. */
    public Map<String, String> environment() {
        return proxy.environment();
    }

    @Override
    public void close() {
        proxy.close();
    }
}
