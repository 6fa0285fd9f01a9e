package io.jenkins.plugins.minibuild.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.http.Http;
import io.jenkins.plugins.minibuild.http.HttpAdapter;
import java.util.ArrayList;
import java.util.List;

/** The services of the running Jenkins. */
public final class ServicesAdapter implements Services {
    @CheckForNull
    private final Run<?, ?> run;

    private ServicesAdapter(@CheckForNull Run<?, ?> run) {
        this.run = run;
    }

    /** @param run whose job's settings come first; null outside of a build, as on a form: then there are only those of the controller */
    public static Services of(@CheckForNull Run<?, ?> run) {
        return new ServicesAdapter(run);
    }

    @Override
    public Http http() {
        return HttpAdapter.http();
    }

    @Override
    public NamedSettings settings() {
        return new NamedSettings() {
            @Override
            public <T> List<T> all(Class<T> kind) {
                List<T> all = new ArrayList<>();
                ExtensionList.lookup(SettingsFactory.class).forEach(source -> all.addAll(source.of(run, kind)));
                return all;
            }
        };
    }
}
