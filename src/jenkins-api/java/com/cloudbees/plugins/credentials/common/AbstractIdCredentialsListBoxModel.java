package com.cloudbees.plugins.credentials.common;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.util.ListBoxModel;
import java.util.List;
import org.springframework.security.core.Authentication;

/** Credentials as the entries of a drop-down list. */
public abstract class AbstractIdCredentialsListBoxModel<
                T extends AbstractIdCredentialsListBoxModel<T, C>, C extends IdCredentials>
        extends ListBoxModel {
    private static final long serialVersionUID = 1L;

    @NonNull
    protected abstract String describe(@NonNull C c);

    @NonNull
    public AbstractIdCredentialsListBoxModel<T, C> includeEmptyValue() {
        add(0, new Option("- none -", ""));
        return this;
    }

    @NonNull
    public AbstractIdCredentialsListBoxModel<T, C> includeMatchingAs(
            @NonNull Authentication authentication,
            @Nullable Item context,
            @NonNull Class<? extends C> type,
            @NonNull List<DomainRequirement> domainRequirements,
            @NonNull CredentialsMatcher matcher) {
        return include(
                CredentialsProvider.lookupCredentialsInItem(type, context, authentication, domainRequirements),
                matcher);
    }

    @NonNull
    public AbstractIdCredentialsListBoxModel<T, C> includeMatchingAs(
            @NonNull Authentication authentication,
            @NonNull ItemGroup context,
            @NonNull Class<? extends C> type,
            @NonNull List<DomainRequirement> domainRequirements,
            @NonNull CredentialsMatcher matcher) {
        return include(
                CredentialsProvider.lookupCredentialsInItemGroup(type, context, authentication, domainRequirements),
                matcher);
    }

    private AbstractIdCredentialsListBoxModel<T, C> include(List<? extends C> found, CredentialsMatcher matcher) {
        for (C c : found) {
            if (matcher.matches(c)) {
                add(describe(c), c.getId());
            }
        }
        return this;
    }

    @NonNull
    public AbstractIdCredentialsListBoxModel<T, C> includeCurrentValue(@NonNull String value) {
        if (!value.isEmpty() && stream().noneMatch(option -> option.value.equals(value))) {
            add("- current -", value);
        }
        return this;
    }
}
