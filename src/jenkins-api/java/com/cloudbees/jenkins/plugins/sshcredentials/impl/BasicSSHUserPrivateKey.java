package com.cloudbees.jenkins.plugins.sshcredentials.impl;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.AbstractDescribableImpl;
import hudson.util.Secret;
import java.io.Serializable;
import java.util.List;

/** A user of an SSH server, known by a private key that Jenkins keeps. */
public class BasicSSHUserPrivateKey extends BaseSSHUser implements SSHUserPrivateKey {
    private static final long serialVersionUID = 1L;

    private final PrivateKeySource privateKeySource;

    @CheckForNull
    private final Secret passphrase;

    public BasicSSHUserPrivateKey(
            CredentialsScope scope,
            String id,
            String username,
            PrivateKeySource privateKeySource,
            String passphrase,
            String description) {
        super(scope, id, username, description);
        this.privateKeySource = privateKeySource;
        this.passphrase = passphrase == null || passphrase.isBlank() ? null : Secret.fromString(passphrase);
    }

    @NonNull
    @Override
    public List<String> getPrivateKeys() {
        return privateKeySource.getPrivateKeys();
    }

    @CheckForNull
    @Override
    public Secret getPassphrase() {
        return passphrase;
    }

    /** Where the key is kept. */
    public abstract static class PrivateKeySource extends AbstractDescribableImpl<PrivateKeySource> {
        @NonNull
        public abstract List<String> getPrivateKeys();
    }

    /** The key itself. */
    public static class DirectEntryPrivateKeySource extends PrivateKeySource implements Serializable {
        private static final long serialVersionUID = 1L;

        private final Secret privateKey;

        public DirectEntryPrivateKeySource(String privateKey) {
            this(Secret.fromString(privateKey));
        }

        public DirectEntryPrivateKeySource(Secret privateKey) {
            this.privateKey = privateKey;
        }

        @NonNull
        @Override
        public List<String> getPrivateKeys() {
            String key = privateKey.getPlainText();
            return List.of(key.endsWith("\n") ? key : key + "\n");
        }
    }
}
