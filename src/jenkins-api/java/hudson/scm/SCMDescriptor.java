package hudson.scm;

import hudson.model.Descriptor;

/** Knows a kind of source code management. */
@SuppressWarnings("rawtypes") // as declared by Jenkins
public abstract class SCMDescriptor<T extends SCM> extends Descriptor<SCM> {
    protected SCMDescriptor(Class<T> clazz, Class<? extends RepositoryBrowser> repositoryBrowser) {
        super(clazz);
    }
}
