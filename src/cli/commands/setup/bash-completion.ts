/**
 * Completes `program` in bash from 3.2 on, without the package bash-completion; may be sourced again. What is typed and what is offered
 * is never evaluated: the words are split at blanks, and offers are quoted.
 */
export function bashCompletion(program: string): string {
  const name = `__${program.replace(/\W/g, "_")}_complete`;
  return `# bash completion for ${program}

${name}() {
    local line=\${COMP_LINE:0:COMP_POINT} out entry value current prefix directive=0 tab=$'\\t'
    local -a words=()
    COMPREPLY=()
    # Bash would replace all of a quoted word with blanks in it by what its last part becomes.
    [[ \${2-} == *[[:blank:]]* ]] && return 0
    read -r -d '' -a words <<< "$line"
    [[ $line == *[[:blank:]] ]] && words+=("")
    # What follows "--" is another program's command line: files are offered there.
    for entry in "\${words[@]:1:\${#words[@]}-2}"; do [[ $entry == -- ]] && return 0; done
    current=\${words[\${#words[@]}-1]}
    # Of a word with : or =, bash replaces what stands behind the last of them.
    prefix=\${current%"\${current##*[:=]}"}
    out=$(${program} complete -- "\${words[@]:1}" 2> /dev/null < /dev/null) || return 0
    while IFS= read -r entry; do
        if [[ $entry =~ ^:([0-9]+)$ ]]; then directive=\${BASH_REMATCH[1]}; continue; fi
        value=\${entry%%"$tab"*}
        [[ -n $value && $value == "$current"* ]] || continue
        COMPREPLY+=("$(printf '%q' "\${value#"$prefix"}")")
    done <<< "$out"
    # 4: no file is meant. Older versions of bash cannot be told, and offer files.
    if (( directive & 4 )); then compopt +o default 2> /dev/null; fi
    return 0
}

complete -o default -F ${name} ${program}
`;
}
