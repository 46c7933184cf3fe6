"""Legal forms of companies, as they are written around the world."""

from customers.engine.identity.lexicon import word_set

# countries that know the form | usual form | other spellings, without dots. No country: the form is known everywhere.
LEGAL_FORMS = """
us ca | inc | incorporated
us ca | corp | corporation
us ae | llc | limited liability company, ltd liability co
us gb ca | lp | limited partnership
us gb in sg | llp | limited liability partnership
us | pllc |
us | lllp |
us | pbc |
  | co | company
us de | co inc | company inc, company incorporated
gb ie in au nz sg hk il ng ke za ca cn us my mt cy pk bd lk | ltd | limited, ltée, ltee, limitee
gb ie | plc | public limited company
gb | cic |
ie | dac | designated activity company
ie | clg |
ie | uc |
cn jp kr th tw hk vn | co ltd | company limited, company ltd, co limited
au za | pty ltd | proprietary limited, pty limited, proprietary ltd, pty
in pk lk bd | pvt ltd | private limited, pvt limited, private ltd, p ltd
sg my | pte ltd | pte limited, private limited, pte
my | sdn bhd | sendirian berhad
my | bhd | berhad
id | tbk |
id | pt | perseroan terbatas
de at ch | gmbh | gesellschaft mit beschränkter haftung, gesmbh, ges mbh, g mbh, gesellschaft mbh, mbh
de at ch | ag | aktiengesellschaft
de at | kg | kommanditgesellschaft
de at | gmbh co kg | gmbh co kgaa, gmbh co ohg, gmbh cokg, gmbh und co kg, gmbh and co kg, mbh co kg
de at | ag co kg | ag und co kg, ag and co kg
de | kgaa |
de | ug | ug haftungsbeschränkt, unternehmergesellschaft
de at | ohg | offene handelsgesellschaft
de | gbr |
de | ev |
de | eg |
de at | ek | ekfr, ekfm, eu
de fr nl | se | societas europaea
fr be ch lu es pt br pl ro gr mx ar co cl pe uy | sa | société anonyme, sociedad anónima, sociedade anônima, s a
fr it ar co | sas | société par actions simplifiée
fr | sasu |
fr lu ch be ma tn | sarl | sàrl, société à responsabilité limitée, s a rl, sa rl
fr | eurl |
fr it | snc |
fr | sci |
fr | scop |
fr it | scs |
be | sprl |
nl be | bv | besloten vennootschap, b v
nl be | nv | naamloze vennootschap, n v
nl be | vof |
be nl | cvba |
be | bvba |
se | ab | aktiebolag, ab publ
se | hb | handelsbolag
dk | aps | anpartsselskab
dk no tr cz sk ee | as | aktieselskab, aksjeselskap, anonim şirketi
dk no | asa |
no | ans |
fi | oy | osakeyhtiö, oy ab
fi | oyj |
is | ehf |
is | hf |
ee | oü | osaühing, ou
lv lt | sia |
lt | uab |
it | spa | società per azioni
it ro be | srl | società a responsabilità limitata, s r l
it | srls |
es ar co cl pe uy | sl | sociedad limitada, s l
es | slu |
es | sau |
es pt mx | sc |
pt br | lda | limitada
br pt co cl | ltda | ltda me
br | eireli |
br | me |
br | epp |
mx | sa de cv | sociedad anónima de capital variable, sab de cv, sapi de cv
mx | s de rl de cv | s de rl, srl de cv
pl | sp z oo | spółka z ograniczoną odpowiedzialnością, spolka z oo, spzoo, sp zoo, sp z o o
pl | sp k | sp z oo sp k, spk
pl | sp j |
cz | sro | s r o, spol s r o, spol sro
hu | kft |
hu | zrt |
hu | nyrt |
hu | bt |
hr si rs ba | doo | d o o
hr si rs ba | dd |
bg | ood |
bg | eood |
bg mk | ad |
ru | ooo | obshchestvo s ogranichennoi otvetstvennostyu
ru | ao | aktsionernoe obshchestvo
ru | pao |
ru | zao |
ru | oao |
ru ua | ip |
ua | tov |
ua | pp |
tr | ltd şti | limited şirketi, ltd sti, san tic ltd şti, san ve tic as
gr | ae |
gr | epe |
gr | ike |
jp | kk | kabushiki kaisha, kabushiki gaisha
jp | gk | godo kaisha
jp | yk | yugen kaisha
il | baam |
ae sa kw qa bh om | wll |
ae | fze | fzco, fz llc
sa | cjsc |
ng | nig ltd |
vn | jsc | joint stock company
"""

# Forms in other scripts, replaced before transliteration.
LEGAL_SIGNS = {
    "株式会社": " kk ",
    "(株)": " kk ",
    "㈱": " kk ",
    "合同会社": " gk ",
    "有限会社": " yk ",
    "有限公司": " co ltd ",
    "股份有限公司": " co ltd ",
    "주식회사": " co ltd ",
    "ООО": " ooo ",
    "ОАО": " oao ",
    "ЗАО": " zao ",
    "ПАО": " pao ",
}

# Forms that also stand before a name ("PT Astra", "OOO Romashka").
LEADING_FORMS = word_set("pt ooo ao pao zao oao ip tov pp kk gk yk uab sia sc sarl sci sas gmbh ab oy")

# Forms that are a form wherever they stand, because no word looks like them.
CERTAIN_FORMS = word_set("inc incorporated llc ltd limited gmbh plc sarl sasu eurl srl kgaa pty bvba kft sro aps bhd")
