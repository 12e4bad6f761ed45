"""The words by which people say a legal form, a stage and a need, as patterns over text in one spelling (`bot.nlu.spelling.plain`).

Each table maps a code of the directory to its patterns.
"""

Patterns = dict[str, tuple[str, ...]]

_NUMBERS = r"\d+|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|cinquante"
# After these, « pret » says that someone is ready, not that they borrow.
_TO_BE = "".join(f"(?<!\\b{word} )" for word in "est es suis sommes sont etes etre chu presque pas soit sera etait toujours".split())

LEGAL_FORMS: Patterns = {
    "not_constituted": (
        r"pas (?:encore |tout a fait )?(?:incorpor|constitu|enregistr|immatricul|legalement|form[ee])",
        r"(?:meme )?pas (?:encore )?de (?:nom|statut|forme|charte|lettres patentes)",
        r"pas (?:encore )?d'existence",
        r"(?:rien|encore|tout|toute) (?:est |juste )?(?:encore )?(?:sur papier|sur le papier|informel)",
        r"encore (?:rien|aucune) (?:de )?(?:forme|structure|officiel)",
        r"pas encore (?:choisi|decide|de structure|fond)",
        r"groupe (?:informel|de citoyen\w*|non constitue)",
        r"non constitue",
    ),
    "private": (
        r"\b(?:une|un|mon|ma|notre|d'une|en) (?:inc|senc|inc\.)\b",
        r"\binc\b(?! orpor)",
        r"entreprise (?:privee|individuelle|familiale)",
        r"travailleu(?:r|se)s? autonomes?(?!.{0,40}(?:coop|obnl|collecti))",
        r"(?:ma|une|sa|notre|petite) (?:compagnie|business|pme|shop)\b(?! collective| d'economie| plan)",
        r"compagnie (?:a mon nom|incorporee|privee|par actions)",
        r"(?:seul|unique) (?:actionnaire|proprietaire)",
        r"societe par actions",
        r"a mon compte",
        r"pas une coop",
        r"\bni (?:une? )?(?:coop\w*|obnl|osbl) ni (?:une? )?(?:coop\w*|obnl|osbl)",
    ),
    "obnl": (
        r"\bo (?:b n|s b) l\b",
        r"\bosbl\b",
        r"\bobnls?\b",
        r"\bong\b",
        r"\bnon profit\b",
        r"\bnonprofit\b",
        r"sans but lucratif",
        r"but non lucratif",
        r"organismes? (?:communautaire|culturel|a but|sans|de bienfaisance|d'economie sociale|benevole)",
        r"\b(?:un|notre|mon|l'|petit|d'un|d') ?organisme\b(?! (?:de soutien|qui (?:aide|accompagne|finance|prete)))",
        r"\bassociation\b",
    ),
    "cooperative": (r"\bco ?ops?\b", r"\bcoops?\b", r"\bcooperatives?\b", r"\bcooperativ\w*", r"\bcops? de (?:travail|solidarite)\b"),
}

STAGES: Patterns = {
    "transfert": (
        r"\brepren(?:dre|d|ons)\b(?! (?:contact|du|depuis|a zero|la (?:conversation|discussion)|notre (?:conversation|discussion)|ou on))",
        r"\brachet\w+",
        r"\bracha?t\b",
        r"(?<!qui )(?<!ca )\breleve\b(?! (?:de la mrc|de la ville|du minist|du gouv))",
        r"\brepreneuriat\b",
        r"\brepreneu\w+",
        r"\bbuyout\b",
        r"prend(?:re)? sa retraite",
        r"(?:vend|vendre|ceder?|transfer\w+) (?:l'entreprise|la shop|sa shop|la business|son commerce|la compagnie)",
        r"(?:boss|patron|proprio|proprietaires?) (?:vend|veut vendre|s'en va|prend)",
        r"transfert d'entreprise",
        r"reprise (?:collective|d'entreprise|par les|en coop)",
    ),
    "consolidation": (
        r"difficultes? (?:financ|pass|de)",
        r"\bredress\w+",
        r"\bconsolid\w+",
        r"on (?:arrive|manque) (?:pas|plus|d'argent)",
        r"(?:gros )?deficit",
        r"en (?:difficulte|crise|dettes?)",
        r"sauver (?:notre|la|l')",
        r"\b(?:notre|nos|mon|ma) (?:coop\w*|obnl|osbl|organisme|entreprise)(?: [\w']+){0,4} (?:en train de|va|vas|risque de)"
        r" (?:couler|fermer|sombrer|mourir)\b(?! (?:pour|ses|son|sa|un|une|le|la|les) )",
        r"\bon (?:est|serait) en train de (?:couler|sombrer|fermer boutique)\b",
    ),
    "croissance": (
        r"\bcroissance\b",
        r"\bexpansion\b",
        r"\bagrandi\w*",
        r"\bscaler\b",
        r"\bscale\b",
        r"doubler (?:la|notre|nos|de)",
        r"grossi\w*",
        r"(?:ouvrir|ouvre) (?:une|un) (?:deuxieme|2e|autre|second)",
        r"embauch\w+ (?:plus|d'autres|du monde)",
        r"\b(?:exist\w*|roul\w*|oper\w*|ouvert\w*|fonctionn\w*|en (?:affaires|activite|operation)|acti(?:fs?|ves?))(?: [\w']+){0,2} depuis "
        r"(?:plusieurs|quelques|une? \w+aine d'|" + _NUMBERS + r") ?(?:ans|annees)",
        r"(?:ca fait|existe|roule) (?:depuis )?(?:plusieurs|une? \w+aine d'|" + _NUMBERS + r") ?(?:ans|annees)",
        r"(?:coop\w*|obnls?|osbl|organisme|entreprise)(?: [\w']+){0,2} (?:de|a|a deja|agee? de) (?:" + _NUMBERS + r") (?:ans|annees)",
        r"developper (?:un nouveau|de nouveaux|nos)",
    ),
    "predemarrage": (
        r"\bpre ?demarrage\b",
        r"plan d'affaires?",
        r"business plan",
        r"etude (?:de marche|de faisabilite|de viabilite|prealable)",
        r"\bfaisabilite\b",
        r"avant de (?:demarrer|lancer|partir|se lancer|commencer)",
        r"on prepare (?:un|une|notre|le|la)",
        r"nous preparons",
        r"comite provisoire",
        r"\bpas encore (?:\w+ )?(?:ouvert|lance|demarre|parti|commence)",
    ),
    "demarrage": (
        r"\bdemarr\w+",
        r"\bstart ?up\b",
        r"\blanc(?:er|e|ons|ement|ee?s?)\b",
        r"(?:on|je|nous|pour|veut|veux|va|voulons|a) (?:partir|part|partons|parti) (?:une|un|notre|ma|mon)",
        r"(?:vient|venons|viens) (?:juste )?(?:d'ouvrir|de partir|de demarrer|de lancer|de commencer|de fonder|de creer)",
        r"(?:on|nous) (?:ouvre|ouvrons|ouvrira) ",
        r"(?:ca fait|depuis) (?:\w+ )?(?:six|6|trois|3|quatre|4|cinq|5|huit|8|neuf|9|quelques|un|1) (?:mois|an)\b",
        r"\b(?:l'annee passee|cette annee|l'an passe)\b.{0,40}(?:parti|lance|ouvert|fonde)",
        r"(?:parti|lance|ouvert|fonde).{0,60}(?:l'annee passee|cette annee|l'an passe)",
        r"premiere annee",
        r"\bstart a\b",
    ),
    "idee": (
        r"(?<!aucune )(?<!moindre )(?<!bonne )(?<!pas d')(?<!change d')(?<!changer d')\bidees?\b",
        r"on (?:songe|reve|jase|reflechit|jongle)",
        r"(?:on|je|nous) pens(?:e|ons) (?:a |partir|fonder|creer|lancer|monter|demarrer|ouvrir|se lancer)",
        r"(?:je|nous) (?:songe|reve|revons|songeons|reflechissons)",
        r"(?:on|nous) (?:veut|veu|veux|voudrait|voudrions|aimerait) (?:fonder?|creer|monter|batir|mettre sur pied|partir)",
        r"\breve\b",
        r"sur papier",
        r"(?:part|partons|partir) de zero",
    ),
}  # fmt: skip

# What only suggests a stage: read when nothing tells it. A group that begins buys a truck too, an old one may be lost.
FAINT_STAGES: Patterns = {
    "croissance": (r"acheter (?:de la machinerie|un immeuble|une batisse|le batiment|notre batiment|des equipements)",),
    "idee": (r"aucune idee par ou", r"par ou commencer"),
}

NEEDS: Patterns = {
    "mentorat": (r"\bmentor\w*", r"jas\w+ avec quelqu'un qui", r"quelqu'un (?:qui est passe par la|d'experience)"),
    "reprise": (
        r"\brepreneur\w*",
        r"reprise (?:collective|d'entreprise|par les|en coop|a plusieurs|ensemble)",
        r"rachet\w+ (?:l'entreprise|la shop|la business|la compagnie|le commerce|ensemble|notre employeur)",
        r"repren(?:dre|d) (?:l'entreprise|la shop|la business|le commerce|ensemble|ca|la compagnie|l'usine)",
        r"\bbuyout\b",
        r"(?<!qui )(?<!ca )\breleve\b(?! (?:de la mrc|de la ville|du minist|du gouv))",
        r"repren\w+ en coop",
    ),
    "immobilier": (
        r"achet\w* (?:une?|la|le|l'|notre|nos|leur)? ?(?:vieille?|grande?|petite?|autre)? ?"
        r"(?:batisse|batiment|immeuble|local|maison|terrain|eglise|edifice|entrepot|condo industriel)",
        r"(?:batisse|batiment|immeuble|edifice|local) (?:a (?:vendre|acheter)|se libere|d'a cote)",
        r"\bimmobiliers?\b",
        r"\b(?:batisse|immeuble|edifice)s?\b",
        r"acquisition (?:d'un|de l'|d'une) (?:immeuble|batiment|batisse|edifice)",
        r"construire (?:un|une|notre|nos)",
        r"\bhypotheque\b",
    ),
    "gouvernance": (r"\bgouvernance\b", r"conseil d'administration", r"\bnotre ca\b", r"\badministrat(?:eur|rice)\w*"),
    "formation": (
        r"\bformations?\b",
        r"\bformer\b(?! (?:une?|notre|la|le) )",
        r"\bateliers?\b",
        r"(?<!en )(?<!au )\bcours\b(?! d'eau)",
        r"\bapprendre a\b",
        r"se former",
    ),
    "reseautage": (
        r"\breseaut\w*",
        r"\bnetwork\w*",
        r"rencontr\w+ (?:d'autres?|dautres?|des) (?:obnl|coop|entrepr|organism|gens|dirige)",
        r"(?:partenaires?|partenariats?|projets? ensemble)",
        r"\bmaillage\b",
        r"vendre aux (?:institutions|hopitaux|villes|ecoles)",
    ),
    "financement": (
        r"\bfinanc\w*",
        r"\bfunding\b",
        _TO_BE + r"\bprets?\b(?! a \w+(?:er|ir|re)\b)",
        _TO_BE + r"\bpreter?\b(?! a )",
        r"\bloans?\b",
        r"\bemprunt\w*",
        r"\bsubvention\w*",
        r"\b(?:des|de|les|nos|mes|vos|leurs|quelques|ces|d') ?sous\b(?! (?:sol|traitan))",
        r"\bcash\b",
        r"\bargent\b",
        r"\bpiasses?\b",
        r"\bbourses?\b",
        r"\bgrants?\b",
        r"mise de fonds",
        r"\bbailleurs?\b",
        r"(?:besoin|manque|cherche|prend) (?:de |d'un |un |environ |a peu pres )?\d(?:[\d ]{2}|\d* ?(?:k|m|mille|millions?|\$)(?!\w))",
        r"\b(?:micro ?)?credits?\b",
        r"\brenov\w+",
    ),
    "accompagnement": (
        r"\baccompagn\w*",
        r"coup de main",
        r"\baide\w*\b(?! technique| financiere)",
        r"\baider\b",
        r"\bguider?\b",
        r"\bconseill?(?:er|ere|s)\b(?! d'admin)",
        r"par ou commencer",
        r"\bsoutien\b",
        r"\bplan d'affaires?\b",
        r"\borient\w+",
    ),
}  # fmt: skip
